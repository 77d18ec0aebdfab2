import { channelContract } from '../channel.contract.ts';
import { telegramPlatform } from './platform.ts';

channelContract('telegram', telegramPlatform);
