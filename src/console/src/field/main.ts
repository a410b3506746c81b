import { mount } from 'svelte';
import './field.css';
import FieldPage from './FieldPage.svelte';

const target = document.getElementById('app');
if (target) mount(FieldPage, { target });
